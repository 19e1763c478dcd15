export default function Components() {
  return <main className="page" id="content" />;
}
