import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from "@azure/core-rest-pipeline";
import { expect } from "chai";
import { cleanText, readRefusal } from "../../../src/identity/refusal.js";

function answer(bodyAsText: string | null, status = 400): PipelineResponse {
  return {
    request: createPipelineRequest({ url: "https://h/" }),
    status,
    headers: createHttpHeaders(),
    bodyAsText,
  };
}
const read = (body: unknown, proof = "a-long-enough-proof") =>
  readRefusal("h", answer(JSON.stringify(body)), proof);

describe("identity/refusal readRefusal", () => {
  it("reads an error of Entra ID", () => {
    const refusal = readRefusal(
      "login.microsoftonline.com",
      answer(
        JSON.stringify({
          error: "unauthorized_client",
          error_description:
            "AADSTS700016: Application with identifier 'x' was not found in the directory 'Contoso'. \r\nTrace ID: t-1\r\n" +
            "Correlation ID: c-1\r\nTimestamp: 2026-11-24 08:00:00Z",
          error_codes: [700016],
          trace_id: "t-1",
          correlation_id: "c-1",
        }),
        400,
      ),
      "a-long-enough-proof",
    );
    expect(refusal).to.deep.equal({
      host: "login.microsoftonline.com",
      status: 400,
      code: "AADSTS700016",
      aadsts: 700016,
      text: "Application with identifier 'x' was not found in the directory 'Contoso'.",
      correlationId: "c-1",
      traceId: "t-1",
    });
  });

  const codes: {
    name: string;
    body: unknown;
    code: string | undefined;
    aadsts: number | undefined;
    text: string;
  }[] = [
    {
      name: "AD FS",
      body: { error: "invalid_client", error_description: "MSIS9622: Client authentication failed." },
      code: "MSIS9622",
      aadsts: undefined,
      text: "Client authentication failed.",
    },
    {
      name: "OAuth's word alone",
      body: { error: "invalid_client" },
      code: "invalid_client",
      aadsts: undefined,
      text: "",
    },
    { name: "a word that is none", body: { error: "<b> x" }, code: undefined, aadsts: undefined, text: "" },
    {
      name: "an object as error, as Key Vault has it",
      body: { error: { code: "x" } },
      code: undefined,
      aadsts: undefined,
      text: "",
    },
    {
      name: "a number within the text",
      body: { error: "e", error_description: "see AADSTS1" },
      code: "e",
      aadsts: undefined,
      text: "see AADSTS1",
    },
    { name: "an array", body: [1], code: undefined, aadsts: undefined, text: "" },
    { name: "null", body: null, code: undefined, aadsts: undefined, text: "" },
  ];
  for (const { name, body, ...expected } of codes) {
    it(`reads ${name}`, () => {
      expect(read(body)).to.include(expected);
    });
  }

  for (const body of [null, "", "<html>", '{"error', "[".repeat(1_000_000)]) {
    it(`keeps the status alone of ${JSON.stringify(body?.slice(0, 10) ?? null)}`, () => {
      expect(readRefusal("h", answer(body, 403), "p")).to.deep.equal({
        host: "h",
        status: 403,
        code: undefined,
        aadsts: undefined,
        text: "",
        correlationId: undefined,
        traceId: undefined,
      });
    });
  }

  it("takes no ids that are none", () => {
    const refusal = read({ correlation_id: "a b", trace_id: "x".repeat(65) });
    expect(refusal).to.include({ correlationId: undefined, traceId: undefined });
  });

  describe("leaves the proof out", () => {
    const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwcyJ9.c2ln-bmF0_dXJl";
    const cases: { name: string; proof: string; text: string; expected: string }[] = [
      { name: "as it is", proof: "p@ss word+1", text: "got p@ss word+1.", expected: "got [removed]." },
      {
        name: "percent-encoded",
        proof: "p@ss word+1",
        text: "got p%40ss%20word%2B1.",
        expected: "got [removed].",
      },
      {
        name: "form-encoded",
        proof: "p@ss word+1",
        text: "got p%40ss+word%2B1.",
        expected: "got [removed].",
      },
      { name: "twice", proof: "p@ss word+1", text: "p@ss word+1p@ss word+1", expected: "[removed][removed]" },
      { name: "any other token", proof: "p@ss word+1", text: `x ${jwt}, y`, expected: "x [removed], y" },
      { name: "the head of a token", proof: jwt, text: `x ${jwt.slice(0, 15)} y`, expected: "x [removed] y" },
      { name: "a short one, with all of the text", proof: "st", text: "the last", expected: "" },
      { name: "a short one that is not in the text", proof: "qq", text: "the last", expected: "the last" },
      {
        name: "one that cannot be encoded",
        proof: "\ud800secret-secret",
        text: "a secret",
        expected: "a secret",
      },
      { name: "none", proof: "", text: "the last", expected: "the last" },
    ];
    it("where it stands for a word or an id, whose form it has", () => {
      const proof = "Abc8Q.1234567890abcdefghijklmnopqrstuvw";
      const echo = { error: proof, error_description: "no", correlation_id: `x-${proof}`, trace_id: proof };
      expect(read(echo, proof)).to.include({ code: undefined, correlationId: undefined, traceId: undefined });
      const id = "Abc8Q1234567890abcdefghijklmnopqrstuvw-";
      expect(read({ error: "e", correlation_id: `x${id}`, trace_id: id }, id)).to.include({
        code: "e",
        correlationId: undefined,
        traceId: undefined,
      });
    });

    it("and no word of which a short one is part", () => {
      expect(read({ error: "invalid_client", trace_id: "t-1" }, "t")).to.include({
        code: "invalid_client",
        traceId: "t-1",
      });
      expect(read({ error: "secret" }, "secret").code).to.equal(undefined);
    });

    for (const { name, proof, text, expected } of cases) {
      it(name, () => {
        expect(read({ error_description: text }, proof).text).to.equal(expected);
      });
    }
  });
});

describe("identity/refusal cleanText", () => {
  const cases: { name: string; text: string; expected: string }[] = [
    { name: "line breaks and controls", text: "a\r\n\tb\u001b[31m\u202ec\u2028d", expected: "a b [31m c d" },
    { name: "600 characters", text: "a".repeat(600), expected: "a".repeat(600) },
    { name: "601 characters", text: "a".repeat(601), expected: `${"a".repeat(600)}…` },
    { name: "ids in the middle", text: "a. Correlation ID: 1 - Timestamp: 2 b", expected: "a." },
  ];
  for (const { name, text, expected } of cases) {
    it(name, () => {
      expect(cleanText(text)).to.equal(expected);
    });
  }

  for (const unit of [" ", "Trace ID", "eyJ", "eyJaaaaaaaa.", "AADSTS", "%"]) {
    it(`ends fast for a megabyte of "${unit}"`, () => {
      const startedAtMs = performance.now();
      read({ error_description: unit.repeat(1_000_000 / unit.length) });
      cleanText(unit.repeat(1_000_000 / unit.length));
      expect(performance.now() - startedAtMs).to.be.lessThan(200);
    });
  }
});
