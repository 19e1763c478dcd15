export default function Run({ flow, run }: { flow: string; run: string }) {
  return (
    <main className="page" id="content">
      {flow} {run}
    </main>
  );
}
