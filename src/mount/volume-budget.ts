import { ProviderError } from "../errors/provider-error.js";
import type { Room } from "./node-budget.js";

/**
 * The most bytes of one volume. The driver receives 4 MiB at its default and more when it is told to; what is beyond
 * this would take the node's provider with it.
 */
export const MAX_VOLUME_BYTES = 32 * 1024 * 1024;
/** The most files of one volume: 1,000 objects, several of them with a long history. */
export const MAX_VOLUME_FILES = 5_000;

const REMEDY =
  "spread the objects over several SecretProviderClasses, or ask for a shorter objectVersionHistory";

/** What one volume may still hold. Spent while the objects are read, so that an endless class stops early. */
export class VolumeBudget {
  readonly #room: Room;
  #bytes = 0;
  #files = 0;

  /** @param room - on the node, of which this volume takes its part */
  constructor(room: Room) {
    this.#room = room;
  }

  /** @throws {ProviderError} MOUNT_TOO_LARGE */
  spendFiles(count: number): void {
    this.#files += count;
    if (this.#files > MAX_VOLUME_FILES) {
      throw new ProviderError(
        "MOUNT_TOO_LARGE",
        `the class makes more than ${MAX_VOLUME_FILES} files, the most that one volume may hold; ${REMEDY}`,
      );
    }
  }

  /** @throws {ProviderError} MOUNT_TOO_LARGE; PROVIDER_OVERLOADED */
  spendBytes(count: number): void {
    this.#bytes += count;
    if (this.#bytes > MAX_VOLUME_BYTES) {
      throw new ProviderError(
        "MOUNT_TOO_LARGE",
        `the objects of the class make more than ${MAX_VOLUME_BYTES} bytes, the most that one volume may hold; ${REMEDY}`,
      );
    }
    this.#room.spend(count);
  }
}
