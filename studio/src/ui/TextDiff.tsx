import { diffLines } from "diff";
import "./text-diff.css";

interface Properties {
  before: string;
  after: string;
  /** What the two are. */
  names: [string, string];
}

const AROUND = 3;

interface Line {
  sign: " " | "+" | "-";
  text: string;
}

/** What differs between two texts, line by line, with a little of what is around. */
export function TextDiff({ before, after, names }: Properties) {
  const lines = near(linesOf(before, after));
  return (
    <figure className="text-diff">
      <figcaption>
        <span className="text-diff-minus">− {names[0]}</span>
        <span className="text-diff-plus">+ {names[1]}</span>
      </figcaption>
      <pre tabIndex={0}>
        {lines.map((line, index) =>
          line === null ? (
            <span key={index} className="text-diff-gap">
              ⋯{"\n"}
            </span>
          ) : (
            <span
              key={index}
              className={line.sign === "+" ? "text-diff-plus" : line.sign === "-" ? "text-diff-minus" : ""}
            >
              {line.sign} {line.text}
              {"\n"}
            </span>
          ),
        )}
      </pre>
    </figure>
  );
}

function linesOf(before: string, after: string): Line[] {
  return diffLines(before, after).flatMap(({ value, added, removed }) => {
    const sign = added ? "+" : removed ? "-" : " ";
    return value
      .replace(/\n$/, "")
      .split("\n")
      .map((text): Line => ({ sign, text }));
  });
}

/** Those that are near a difference; null stands for what is left out. */
function near(lines: Line[]): (Line | null)[] {
  const isNear = lines.map((_, index) =>
    lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(({ sign }) => sign !== " "),
  );
  return lines.flatMap((line, index) => (isNear[index] ? [line] : isNear[index - 1] ? [null] : []));
}
