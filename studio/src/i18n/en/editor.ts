/** The page that a flow is edited on. */
export default {};
