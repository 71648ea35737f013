/* Tables: rows chosen by the words of a column. */
