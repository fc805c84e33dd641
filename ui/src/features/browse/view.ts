/** What the grid that draws a pane offers. */
export interface View {
  reveal(row: number): void;
  focus(): void;
  /** Opens the menu of the line the keyboard stands on. */
  openMenu(): void;
  /** How far it is scrolled, in list pixels. */
  readonly top: number;
  scrollTo(top: number): void;
}
