import { printable } from "../../model/quote.js";
import type { KubernetesObject } from "../manifest/kubernetes-object.js";
import type { Finding, FindingCode, Severity } from "./finding.js";

/** Where in an object: its line, and the path of the field. */
export interface Where {
  readonly line: number;
  readonly field: string;
}

/** Collects what is said about one object. */
export class ObjectFindings {
  readonly all: Finding[] = [];
  readonly #object: KubernetesObject;
  readonly #title: string;

  constructor(object: KubernetesObject) {
    this.#object = object;
    const { kind, namespace, name } = object;
    this.#title = `${printable(kind)} ${[namespace, name || "without a name"].flatMap((part) => (part === undefined ? [] : [printable(part)])).join("/")}`;
  }

  error(code: FindingCode, where: Where, message: string): void {
    this.#add("error", code, where, message);
  }

  warn(code: FindingCode, where: Where, message: string): void {
    this.#add("warning", code, where, message);
  }

  #add(severity: Severity, code: FindingCode, { line, field }: Where, message: string): void {
    const { file, document } = this.#object;
    this.all.push({ severity, code, file, line, document, object: this.#title, field, message });
  }
}
