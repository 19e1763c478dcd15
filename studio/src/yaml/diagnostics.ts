/** What is wrong, as marks in a text. */

import type { Diagnostic } from "@codemirror/lint";
import type { Finding } from "../api/types";
import { offsetOf, type Fault } from "../document";

/** What the daemon finds; and until it does, what keeps the text from being read. */
export function diagnostics(text: string, problems: Finding[], faults: Fault[]): Diagnostic[] {
  const found = problems.map(({ severity, message, help, line, column, end_line, end_column }) => {
    const from = offsetOf(text, line, column);
    return {
      from,
      to: Math.max(from, offsetOf(text, end_line, end_column)),
      severity,
      message: help ? `${message}\n${help}` : message,
    };
  });
  if (found.length > 0) return found;
  return faults.map(({ message, line, column, endLine, endColumn }) => {
    const from = offsetOf(text, line, column);
    return { from, to: Math.max(from, offsetOf(text, endLine, endColumn)), severity: "error" as const, message };
  });
}
