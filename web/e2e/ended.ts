import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/**
 * Asks a process to end and waits until it has; one that does not within ten seconds is killed.
 * What a worker of the tests throws while it tidies up fails the whole run, without another try.
 */
export async function ended(child: ChildProcess, ask: () => unknown): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
  ask();
  await exit;
  clearTimeout(late);
}
