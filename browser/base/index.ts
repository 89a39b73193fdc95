/* What every page loads: the look, fragments by htmx, menus, dialogs, notes, the before/after slider. */
import "./tabler.scss";
import "./theme.css";
import "./frame.css";
import "./parts.css";
import "./lists.css";
import "./fragments";
import "./menus";
import "./dialogs";
import "./notes";
import "./compare";
import "./look";
import "./keep";
import "./submit";
import "./live";
import "./refresh";

document.documentElement.classList.add("has-script");
