export default function Versions({ flow }: { flow: string }) {
  return (
    <main className="page" id="content">
      {flow}
    </main>
  );
}
