/** Which problems are of which field. */

import type { Finding } from "../api/types";
import { offsetOf, placeOf, spanOf, type Place } from "../document";

export interface Placed {
  problem: Finding;
  place: Place;
}

/** Each problem with what it is about. */
export function placed(text: string, problems: Finding[]): Placed[] {
  return problems.map((problem) => ({ problem, place: placeOf(text, problem.line, problem.column) }));
}

/** Those at or below a path. */
export function below(all: Placed[], path: (string | number)[]): Finding[] {
  const isBelow = ({ place }: Placed) => path.every((step, index) => place.path[index] === step);
  return all.filter(isBelow).map(({ problem }) => problem);
}

/** Those of exactly this node: not of one of its fields. */
export function atNode(all: Placed[], id: string): Finding[] {
  const known = new Set(["with", "branches", "call", "gateway", "next", "on-error"]);
  return all
    .filter(({ place }) => place.node === id && !(typeof place.path[2] === "string" && known.has(place.path[2])))
    .map(({ problem }) => problem);
}

/** A part of an expression that something is wrong with. */
export interface Mark {
  from: number;
  to: number;
  message: string;
}

/** Where in an expression, which is at a path of the text, problems are; all of it, where that is not known. */
export function marks(text: string, path: (string | number)[], expression: string, problems: Finding[]): Mark[] {
  const span = spanOf(text, path);
  const within = span && expression !== "" ? text.slice(span.from, span.to).lastIndexOf(expression) : -1;
  return problems.map(({ message, line, column, end_line, end_column }) => {
    const start = span ? span.from + within : 0;
    const [from, to] = [offsetOf(text, line, column) - start, offsetOf(text, end_line, end_column) - start];
    const isInside = within >= 0 && from >= 0 && to <= expression.length && from < to;
    return isInside ? { from, to, message } : { from: 0, to: expression.length, message };
  });
}
