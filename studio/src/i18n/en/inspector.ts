/** What is said of one node, and of the flow. */
export default {};
