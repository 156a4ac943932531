import { expect } from "chai";
import { plan, TOKENS_KEY, tokensJson } from "../parameters/support.js";

const NO_CLIENT = { clientID: undefined };
const ID = "99999999-8888-7777-6666-555555555555";

describe("the attributes of a mount", () => {
  it("usePodIdentity chooses AAD Pod Identity", () => {
    expect(plan({ ...NO_CLIENT, usePodIdentity: "true" }).identity).to.deep.equal({ mode: "pod-identity" });
  });

  it("useVMManagedIdentity chooses the node's own identity", () => {
    expect(plan({ ...NO_CLIENT, useVMManagedIdentity: "true" }).identity).to.deep.equal({
      mode: "managed-identity",
      userAssignedIdentityId: "",
    });
  });

  it("userAssignedIdentityID names one of the node's identities", () => {
    const changes = { ...NO_CLIENT, useVMManagedIdentity: "true", userAssignedIdentityID: ID };
    expect(plan(changes).identity).to.deep.include({ userAssignedIdentityId: ID });
  });

  it("useAzureTokenProxy chooses identity binding", () => {
    const changes = { clientID: ID, useAzureTokenProxy: "true", [TOKENS_KEY]: tokensJson("binding") };
    expect(plan(changes).identity).to.deep.include({ mode: "identity-binding", clientId: ID });
  });

  it("useVMManagedIdentity wins over clientID with its token", () => {
    const { identity, warnings } = plan({ useVMManagedIdentity: "true" });
    expect(identity.mode).to.equal("managed-identity");
    expect(warnings.join()).to.contain("clientID is ignored");
  });

  it("a boolean is true as 1, t, T, TRUE, true and True", () => {
    for (const yes of ["1", "t", "T", "TRUE", "true", "True"]) {
      expect(plan({ ...NO_CLIENT, usePodIdentity: yes }).identity.mode, yes).to.equal("pod-identity");
    }
  });

  it("csi.storage.k8s.io/pod.name is the pod's name", () => {
    expect(plan({ "csi.storage.k8s.io/pod.name": "web-7" }).pod.name).to.equal("web-7");
  });

  it("csi.storage.k8s.io/pod.namespace is the pod's namespace", () => {
    expect(plan({ "csi.storage.k8s.io/pod.namespace": "front" }).pod.namespace).to.equal("front");
  });

  it("csi.storage.k8s.io/pod.uid is the pod's uid", () => {
    expect(plan({ "csi.storage.k8s.io/pod.uid": "u-1" }).pod.uid).to.equal("u-1");
  });

  it("csi.storage.k8s.io/serviceAccount.name is the pod's service account", () => {
    expect(plan({ "csi.storage.k8s.io/serviceAccount.name": "web" }).pod.serviceAccountName).to.equal("web");
  });

  it("secretProviderClass is the name of the class", () => {
    expect(plan({ secretProviderClass: "web-class" }).className).to.equal("web-class");
  });

  it("csi.storage.k8s.io/ephemeral, and whatever else the driver adds, gets no warning", () => {
    const changes = { "csi.storage.k8s.io/ephemeral": "true", "csi.storage.k8s.io/to-come": "x" };
    expect(plan(changes).warnings).to.deep.equal([]);
  });
});
