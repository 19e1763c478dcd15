/** How clients are written. */
export default {};
