/** Cases. */
export default {};
