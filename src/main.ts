import { run } from "./app.js";

// Every line of the log is out by now, and nothing that is still open may keep the process.
process.exit(await run(process.argv.slice(2), process.env));
