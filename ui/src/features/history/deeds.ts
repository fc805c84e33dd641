import { asking } from "$app/asking";
import { router } from "$app/router.svelte";
import { toasts } from "$app/toasts.svelte";
import { openAgain } from "$features/copy/again";
import { call, errorOf, type JobView } from "$ipc";
import { m } from "$messages";
import { copyWhenThere } from "$shared/clipboard";

/** What can be done with a job that has ended. A refusal is told as a message. */

/** Opens the copy dialog with what the job was asked for, or with what failed in it. */
export async function runAgain(job: JobView, onlyFailed: boolean): Promise<void> {
  const isLatest = asking();
  try {
    const again = await call("copy_again", { job: job.id, only_failed: onlyFailed });
    if (!isLatest()) return;
    if (again.more) toasts.say(m.again_more());
    openAgain(again);
  } catch (cause) {
    toasts.fail(errorOf(cause));
  }
}

/** Tries once more, in the same job, what failed in it: what arrived stays as it is. */
export async function retryFailed(job: JobView): Promise<void> {
  try {
    await call("retry_job", { job: job.id });
    router.go("transfers", job.id);
  } catch (cause) {
    toasts.fail(errorOf(cause));
  }
}

/** Puts the command that does the same on the clipboard; says what it leaves out. */
export async function copyAsCommand(job: JobView): Promise<void> {
  try {
    const asked = call("job_command", { job: job.id });
    const copied = await copyWhenThere(asked.then(({ text }) => text));
    const command = await asked;
    if (!copied) {
      toasts.say(m.command_not_copied({ command: command.text }));
      return;
    }
    const lacks = command.lacks.map(lack).filter((words) => words !== null);
    toasts.say([m.command_copied(), ...lacks].join(" "), { tone: "ok" });
  } catch (cause) {
    toasts.fail(errorOf(cause));
  }
}

function lack(word: string): string | null {
  switch (word) {
    case "key_file":
    case "source_key_file":
      return m.command_lacks_key();
    case "names":
      return m.command_lacks_names();
    case "more":
      return m.command_lacks_more();
    default:
      return null;
  }
}

/** Removes a job from the list for good; whether it went. */
export async function forget(job: JobView): Promise<boolean> {
  try {
    await call("forget_job", { job: job.id });
    return true;
  } catch (cause) {
    toasts.fail(errorOf(cause));
    return false;
  }
}

export const canRunFailed = (job: JobView): boolean => job.objects_failed > 0;
