/** The words of an expression (CEL, language definition, section "Syntax"). */

export interface Token {
  kind: "name" | "number" | "string" | "operator";
  text: string;
  from: number;
  to: number;
}

const STRING = /[rRbB]{0,2}("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')/y;
const RAW = /[bB]?[rR][bB]?("""[\s\S]*?"""|'''[\s\S]*?'''|"[^"]*"|'[^']*')/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /0[xX][0-9a-fA-F]+u?|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?u?/y;
const OPERATOR = /&&|\|\||==|!=|<=|>=|[^\s]/y;

/** All of them. What is no word of the language is an operator of one character. */
export function tokens(expression: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < expression.length) {
    if (/\s/.test(expression[at]!)) {
      at += 1;
      continue;
    }
    const [kind, text] = next(expression, at);
    found.push({ kind, text, from: at, to: at + text.length });
    at += text.length;
  }
  return found;
}

function next(expression: string, at: number): [Token["kind"], string] {
  const kinds: [Token["kind"], RegExp][] = [
    ["string", RAW],
    ["string", STRING],
    ["name", NAME],
    ["number", NUMBER],
    ["operator", OPERATOR],
  ];
  for (const [kind, pattern] of kinds) {
    pattern.lastIndex = at;
    const match = pattern.exec(expression);
    if (match) return [kind, match[0]];
  }
  return ["operator", expression[at]!];
}
