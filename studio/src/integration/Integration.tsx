export default function Integration({ flow }: { flow: string }) {
  return (
    <main className="page" id="content">
      {flow}
    </main>
  );
}
