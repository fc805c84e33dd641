import { type AccountView, call } from "$ipc";

/** The accounts, as the core last told them. */
class Accounts {
  list = $state<AccountView[]>([]);

  find(id: string): AccountView | undefined {
    return this.list.find((account) => account.id === id);
  }

  /** The name of an account, or its id when it was removed since. */
  nameOf(id: string): string {
    return this.find(id)?.name ?? id;
  }

  async load(): Promise<void> {
    this.list = await call("accounts", {});
  }

  async startDemo(): Promise<void> {
    await call("start_demo", {});
    await this.load();
  }
}

export const accounts = new Accounts();
