import "./app/system-language";
import "./shared/tokens.css";
import "./shared/base.css";
import "./shared/menu.css";
import { mount } from "svelte";
import App from "./app/App.svelte";

const target = document.getElementById("app");
if (target === null) throw new Error("index.html has no #app");
mount(App, { target });
