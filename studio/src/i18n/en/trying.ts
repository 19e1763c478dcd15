/** Trying a draft. */
export default {};
