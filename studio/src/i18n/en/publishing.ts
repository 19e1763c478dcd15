/** Publishing, and versions. */
export default {};
