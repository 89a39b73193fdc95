/* The leader's and the inspector's pages: tables, lines that are decided in place, small multiples. */
import "./cockpit.css";
