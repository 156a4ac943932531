import rc2 from "node-forge/lib/rc2.js";
import util from "node-forge/lib/util.js";

const BLOCK_BYTES = 8;
/** node-forge's time grows with the square of one call's bytes: a mebibyte at once takes 47 s, in pieces 0.2 s. */
const PIECE_BYTES = 4096;

/**
 * RC2 in CBC mode, decrypted with the padding left on; Node's own OpenSSL no longer has it.
 * @param encrypted - a whole number of 8-byte blocks
 * @see RFC 2268
 */
export function decryptRc2(key: Uint8Array, iv: Uint8Array, encrypted: Uint8Array): Uint8Array {
  const pieces: Buffer[] = [];
  for (let offset = 0; offset < encrypted.length; offset += PIECE_BYTES) {
    // In CBC mode, a piece begins with the last encrypted block of the one before.
    const previous = offset === 0 ? iv : encrypted.subarray(offset - BLOCK_BYTES, offset);
    const cipher = rc2.createDecryptionCipher(toBinary(key), key.length * 8);
    cipher.start(toBinary(previous));
    cipher.update(util.createBuffer(toBinary(encrypted.subarray(offset, offset + PIECE_BYTES))));
    cipher.finish(() => true);
    pieces.push(Buffer.from(cipher.output.getBytes(), "latin1"));
  }
  return Buffer.concat(pieces);
}

/** node-forge takes bytes as characters up to U+00FF. */
function toBinary(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
