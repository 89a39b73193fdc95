/* The residents' pages: photos with preview and progress, one id per report, emergency words, kinds, place, codes. */
import "./report.css";
import "./identity";
import "./photos";
import "./emergency";
import "./receipt";
import "./kinds";
import "./place";
import "./remember";
import "./focus";
