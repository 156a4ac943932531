import { readWithSdk } from "./sdk-client.js";
import type { SdkSetting } from "./sdk-client.js";

// Run as a process of its own, for NODE_EXTRA_CA_CERTS and HTTPS_PROXY to count.
process.stdout.write(JSON.stringify(await readWithSdk(JSON.parse(process.argv[2] ?? "") as SdkSetting)));
