/** The one file of node-forge that is used: its package index would load some thirty more. */
declare module "node-forge/lib/rc2.js" {
  const rc2: typeof import("node-forge").rc2;
  export default rc2;
}
declare module "node-forge/lib/util.js" {
  const util: typeof import("node-forge").util;
  export default util;
}
