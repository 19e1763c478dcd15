export default function Editor({ flow }: { flow: string }) {
  return (
    <main className="page" id="content">
      {flow}
    </main>
  );
}
