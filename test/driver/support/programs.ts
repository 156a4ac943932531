/** A program or folder that `run.sh` has built or found. */
function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run these tests with npm run test:driver`);
  return value;
}

export const PROGRAMS = {
  etcd: given("ETCD_PROGRAM"),
  apiServer: given("KUBE_APISERVER_PROGRAM"),
  driver: given("DRIVER_PROGRAM"),
  /** Folder of the driver's own manifests. */
  driverManifests: given("DRIVER_MANIFESTS"),
};
