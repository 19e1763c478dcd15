export default function Runs({ flow }: { flow: string }) {
  return (
    <main className="page" id="content">
      {flow}
    </main>
  );
}
