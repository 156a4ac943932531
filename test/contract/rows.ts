import { BETTER_ROWS } from "./better.js";
import { ERROR_PHRASE_ROWS } from "./errors.js";
import { CLOUD_ROWS, ENVIRONMENT_ROWS, FLAG_ROWS, FLAG_SYNTAX_ROWS, KLOG_FLAG_ROWS } from "./flags.js";
import { METRIC_ROWS, METRIC_RULE_ROWS } from "./metrics.js";
import { CONTENT_ROWS, OBJECT_FIELD_ROWS, OBJECT_VALUE_ROWS, OBJECT_YAML_ROWS } from "./objects.js";
import { DRIVER_ATTRIBUTE_ROWS, PARAMETER_ROWS, PARAMETER_RULE_ROWS } from "./parameters.js";
import type { Section } from "./row.js";
import { SHARING_ROWS } from "./sharing.js";
import { PROCESS_ROWS, WIRE_ROWS } from "./wire.js";

/** The whole contract, in the order of docs/coverage.md. */
export const SECTIONS: readonly Section[] = [
  PARAMETER_ROWS,
  PARAMETER_RULE_ROWS,
  DRIVER_ATTRIBUTE_ROWS,
  CLOUD_ROWS,
  OBJECT_FIELD_ROWS,
  OBJECT_VALUE_ROWS,
  OBJECT_YAML_ROWS,
  CONTENT_ROWS,
  WIRE_ROWS,
  PROCESS_ROWS,
  FLAG_ROWS,
  KLOG_FLAG_ROWS,
  FLAG_SYNTAX_ROWS,
  ENVIRONMENT_ROWS,
  METRIC_ROWS,
  METRIC_RULE_ROWS,
  SHARING_ROWS,
  ERROR_PHRASE_ROWS,
  BETTER_ROWS,
];
