// What a message or a frame holds, for people.

import { t } from "../i18n/i18n.js";

const CHARACTERS_SHOWN_MAX = 20_000;
const BYTES_SHOWN_MAX = 1_024;

/** A text, or bytes in hex; long ones are cut. */
export function shown(data) {
  if (data instanceof ArrayBuffer) return dump(new Uint8Array(data));
  return data.length > CHARACTERS_SHOWN_MAX ? `${data.slice(0, CHARACTERS_SHOWN_MAX)}…` : data;
}

/** What there is to say about it that its text does not say; null for a text. */
export function measure(data) {
  return data instanceof ArrayBuffer ? t("binary", { count: data.byteLength }) : null;
}

function dump(bytes) {
  const pairs = Array.from(bytes.subarray(0, BYTES_SHOWN_MAX), (byte) => byte.toString(16).padStart(2, "0"));
  return pairs.join(" ") + (bytes.length > BYTES_SHOWN_MAX ? " …" : "");
}
