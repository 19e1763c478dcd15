/** The graph. */
export default {};
