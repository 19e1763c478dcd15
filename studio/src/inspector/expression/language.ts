/** Colours for expressions. */

import { StreamLanguage } from "@codemirror/language";

const WORDS = new Set(["true", "false", "null", "in"]);

export const cel = StreamLanguage.define<null>({
  name: "cel",
  startState: () => null,
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match(/^[rRbB]{0,2}("(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?)/)) return "string";
    if (stream.match(/^\d+(\.\d+)?([eE][+-]?\d+)?u?/)) return "number";
    const word = stream.match(/^[A-Za-z_]\w*/) as RegExpMatchArray | null;
    if (word) return WORDS.has(word[0]) ? "atom" : stream.peek() === "(" ? "keyword" : "variableName";
    stream.next();
    return "operator";
  },
});
