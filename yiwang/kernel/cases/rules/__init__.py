"""The rules of a case: stages, the table of moves, who may, clocks. Pure; time is an argument."""
