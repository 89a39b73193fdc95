/* What every page loads: the look, fragments by htmx, menus, dialogs, notes, the before/after slider. */
import "./tabler.scss";
import "./theme.css";
import "./frame.css";
import "./parts.css";
import "./fragments";
import "./menus";
import "./dialogs";
import "./notes";
import "./compare";
import "./look";
import "./keep";
import "./submit";

document.documentElement.classList.add("has-script");
