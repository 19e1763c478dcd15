/** Runs and traces. */
export default {};
