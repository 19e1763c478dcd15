/** The ways that edges take. */

export interface Ends {
  sourceX: number;
  sourceY: number;
  targetX: number;
  targetY: number;
}

export interface Way {
  path: string;
  labelX: number;
  labelY: number;
}

const ROUND = 14;
const STUB = 26;

/** Down from the source, around all that is between, and down into the target. */
export function back({ sourceX, sourceY, targetX, targetY }: Ends, side: number): Way {
  const [low, high] = [sourceY + STUB, targetY - STUB];
  const corners: [number, number][] = [
    [sourceX, sourceY],
    [sourceX, low],
    [side, low],
    [side, high],
    [targetX, high],
    [targetX, targetY],
  ];
  return { path: rounded(corners), labelX: side, labelY: (low + high) / 2 };
}

/** Straight lines between these, with round corners. */
export function rounded(corners: [number, number][]): string {
  const [first, ...rest] = corners;
  if (!first) return "";
  let path = `M${first[0]},${first[1]}`;
  rest.forEach((corner, index) => {
    const [before, after] = [corners[index]!, rest[index + 1]];
    if (!after) {
      path += ` L${corner[0]},${corner[1]}`;
      return;
    }
    const [from, to] = [towards(corner, before), towards(corner, after)];
    path += ` L${from[0]},${from[1]} Q${corner[0]},${corner[1]} ${to[0]},${to[1]}`;
  });
  return path;
}

/** The point on the way from one to another at which the corner begins. */
function towards([x, y]: [number, number], [otherX, otherY]: [number, number]): [number, number] {
  const length = Math.hypot(otherX - x, otherY - y);
  const part = length === 0 ? 0 : Math.min(ROUND, length / 2) / length;
  return [x + (otherX - x) * part, y + (otherY - y) * part];
}
