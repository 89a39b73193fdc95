/* The resident's and the grid worker's report form: photos with preview and progress, one id per report, emergency words. */
import "./identity";
import "./photos";
import "./emergency";
import "./receipt";
