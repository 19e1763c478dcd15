import { useEffect, useState } from "react";
import { expressions } from "../api/daemon";
import type { ExpressionFunction } from "../api/types";

let known: ExpressionFunction[] | null = null;

/** The functions that expressions may call; none as long as they are not known. */
export function useExpressions(): ExpressionFunction[] {
  const [functions, setFunctions] = useState(known ?? []);
  useEffect(() => {
    if (known) return;
    // Without them only completion is less.
    expressions().then(
      (said) => setFunctions((known = said)),
      () => undefined,
    );
  }, []);
  return functions;
}
