import { setOf } from '../sqlparser/dialect.ts';

/** Reserved words of Oracle, and words that begin a clause where a new name may stand. */
export const reserved = setOf(
  `access add all alter and any as asc audit between by char check cluster column comment compress connect create current date decimal default
  delete desc distinct drop else exclusive exists file float for from grant group having identified immediate in increment index initial insert
  integer intersect into is level like lock long maxextents minus mlslabel mode modify noaudit nocompress not nowait null number of offline on
  online option or order pctfree prior public raw rename resource revoke row rowid rownum rows select session set share size smallint start
  successful synonym sysdate table then to trigger uid union unique update user validate values varchar varchar2 view whenever where with
  model pivot unpivot partition subpartition sample versions flashback match_recognize external bulk into fetch offset return returning log
  keep over within siblings connect_by_root natural join inner left right full cross outer using nocycle search cycle containers shards
  apply lateral`,
);
