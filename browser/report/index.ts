/* The residents' pages: photos with preview and progress, one id per report, emergency words, kinds, place, codes. */
import "./report.css";
import "./files.css";
import "./identity";
import "./files";
import "./photos";
import "./emergency";
import "./receipt";
import "./kinds";
import "./place";
import "./remember";
import "./focus";
