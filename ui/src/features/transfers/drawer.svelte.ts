const NAME = "partway.drawer";

/** Whether the drawer below the screens shows its jobs; remembered for the next time. */
class Drawer {
  open = $state(globalThis.localStorage?.getItem(NAME) === "open");

  toggle(): void {
    this.open = !this.open;
    globalThis.localStorage?.setItem(NAME, this.open ? "open" : "closed");
  }
}

export const drawer = new Drawer();
