/** The interfaces and the components of a project. */
export default {};
