import { expect } from "chai";
import { readConfig } from "../../../src/config/provider-config.js";

/** klog's flags with a value that an existing manifest may pass. @see https://pkg.go.dev/k8s.io/klog/v2#InitFlags */
const KLOG: readonly [name: string, value: string][] = [
  ["add_dir_header", "true"],
  ["alsologtostderr", "true"],
  ["legacy_stderr_threshold_behavior", "false"],
  ["log_backtrace_at", "mounter.go:12"],
  ["log_dir", "/var/log"],
  ["log_file", "/var/log/provider.log"],
  ["log_file_max_size", "100"],
  ["logtostderr", "false"],
  ["one_output", "true"],
  ["skip_headers", "true"],
  ["skip_log_headers", "true"],
  ["stderrthreshold", "ERROR"],
  ["vmodule", "mounter=4"],
];

describe("klog's flags", () => {
  for (const [name, value] of KLOG) {
    it(`--${name} is taken, with a warning that it has no effect`, () => {
      const command = readConfig([`--${name}=${value}`], {});
      expect(command.kind).to.equal("serve");
      const { warnings } = (command as Extract<typeof command, { kind: "serve" }>).config;
      expect(warnings).to.have.length(1);
      expect(warnings[0])
        .to.match(/without effect/)
        .and.contain(`--${name}`);
    });
  }
});
