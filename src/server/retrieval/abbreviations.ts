/** Abbreviations usual in schemas, each with the words it stands for. */
export const abbreviations: ReadonlyMap<string, readonly string[]> = new Map(
  `acc account | acct account | addr address | adm administration | admin administrator | amt amount | app application | appl application | appt appointment
  assn association | attr attribute | auth authorization | avg average | bal balance | bday birth date | bldg building | bgt budget | btch batch | calc calculation
  cat category | catg category | cd code | cert certificate | cfg configuration | chg change | cls class | cnt count | cntr counter | co company | comm commission
  conf configuration | corp corporation | coord coordinate | cpy company | crs course | ctry country | ctr center | cur currency | curr currency | cust customer
  cy city | dep department | dept department | desc description | descr description | dest destination | dev device | diag diagnosis | disc discount | dist distance
  div division | dlv delivery | dob birth date | doc document | dt date | dtl detail | dur duration | eff effective | emp employee | env environment | eq equipment
  est estimate | eval evaluation | exp expense | fac facility | fcst forecast | fk foreign key | firstname first name | flg flag | fname first name | freq frequency
  fullname full name | func function | fwd forward | gov government | govt government | grp group | hdr header | hist history | hosp hospital | hr hour | hrs hours | ht height
  id identifier | img image | info information | init initial | ins insurance | inst institution | instr instructor | int interest | intl international | inv invoice
  lang language | lastname last name | lat latitude | lbl label | lib library | lic license | ln line | lname last name | lng longitude | loc location | lon longitude
  lvl level | max maximum | med medication | mfg manufacturer | mfr manufacturer | mgr manager | min minimum | mkt market | mname middle name | mo month | msg message
  mth month | mtg meeting | natl national | nbr number | no number | nr number | num number | obj object | ord order | org organization | orig original | pct percent
  perf performance | perm permission | ph phone | pic picture | pk primary key | pmt payment | pol policy | pop population | pos position | pref preference
  prev previous | proc procedure | prod product | prof professor | proj project | prov province | ptnt patient | pur purchase | pwd password | qry query | qtr quarter
  qty quantity | rcpt receipt | rec record | recv receive | ref reference | reg region | rel relation | req request | res reservation | resp response | rm room | rsn reason
  rte route | sal salary | sched schedule | sec section | sem semester | seq sequence | sess session | sku product | spec specification | src source | ssn security number
  stat status | stats statistics | std standard | stu student | subj subject | sum summary | supv supervisor | surname last name | svc service | tbl table | tech technology
  tel phone | telephone phone | temp temperature | trans transaction | trx transaction | txn transaction | typ type | univ university | upd update | usr user | val value
  veh vehicle | ver version | vol volume | whse warehouse | wh warehouse | wk week | wrk work | wt weight | xfer transfer | yr year | zip postal code`
    .split(/[|\n]/)
    .map((entry) => entry.trim().split(/\s+/))
    .map(([short = '', ...words]) => [short, words] as const),
);
