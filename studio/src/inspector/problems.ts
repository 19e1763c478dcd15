/** Which problems are of which field. */

import type { Finding } from "../api/types";
import { placeOf, type Place } from "../document";

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
