import { api } from "./api.js";
import { closeScenes } from "./scene.js";

/** Around the whole run: what it has made in the cluster goes, and the proxy to the API server ends. */
export const mochaHooks = {
  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout(300_000);
    try {
      await closeScenes();
    } finally {
      api.close();
    }
  },
};
