/** Checks forms by JSON Schema without making code of it, which the page's policy does not allow. */

import { Validator } from "@cfworker/json-schema";
import type { ErrorSchema, RJSFSchema, ValidationData, ValidatorType } from "@rjsf/utils";

type Form = Record<string, unknown>;

/** What rjsf asks of a validator. The daemon has the last word on what is wrong, so here nothing is said of it. */
export const validator: ValidatorType = {
  validateFormData: (): ValidationData<Form> => ({ errors: [], errorSchema: {} as ErrorSchema<Form> }),
  /** By this, rjsf finds which of several schemas a value is of. */
  isValid: (schema: RJSFSchema, value: unknown, root: RJSFSchema) => isValid(schema, value, root),
  rawValidation: () => ({ errors: [] }),
  toErrorList: () => [],
} as unknown as ValidatorType;

export function isValid(schema: RJSFSchema, value: unknown, root: RJSFSchema): boolean {
  try {
    const whole = root.$defs ? { ...schema, $defs: { ...root.$defs, ...schema.$defs } } : schema;
    return new Validator(whole as object, "2020-12").validate(value ?? null).valid;
  } catch {
    return false;
  }
}

export default validator;
