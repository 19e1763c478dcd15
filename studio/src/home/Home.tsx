export default function Home() {
  return <main className="page" id="content" />;
}
