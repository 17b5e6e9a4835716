"""Grading: run submitted notebooks in boxes, judge their answers outside, and write a table, a report and feedback.

Whom to trust
-------------
The grader's process never runs anything of a submission. It believes nothing that a submission prints, stores in its
outputs, or claims. It takes answers, and verdicts on answers that cannot leave their process:

- **Data** (numbers, text, lists, dictionaries, arrays, tensors) is taken at the moment of the call of `check`, sent as
  bytes that can hold nothing else (`codec`), and judged in the process of the solution (`reference`), with the context
  that the solution had at that check. No code of the submission is anywhere near.
- **Objects** (functions, classes, models), and data whose context every student makes anew, are judged where they are: in
  a fork of the submission, at the moment of the call. Before the check runs there, libraries are put back as they were
  before the first cell (`integrity`), and checks are loaded afresh from files that no submission can write. The grader
  sends the hidden checks and a token that is good for one reply. Two answers that are certainly wrong are judged beside
  the real one, and what is handed over beside the answer has to be what the course's own cells make (`digests`).

What this cannot do: an object is judged beside code that wants to be judged right. Code that takes the trouble to find
the channel, to speak its language and to look through the checks at run time, or a function that reads the frames of its
caller, can get away with it, and read hidden checks while they judge it. Such a notebook looks like it, and the report
says so (`Notebook.suspicious`), but only the eye of a person decides. Let exercises that count ask for data.

A box (`box`, `namespaces`, `walls`) has a network of its own with nothing in it, and of the files only Python, the
libraries, the stand-ins and a folder of its own: no other submission, roster, hidden check or result has a name in it.
Time, memory, processes and files are limited (`settings`). But limits and namespaces are not a sandbox: it is one kernel.
For submissions of people whom you do not know, use a container or a virtual machine; `options` has the line.

What is where
-------------
options       the command line
grade         the whole run
names         whose a file is, by its name, as Canvas and Moodle write it
roster        the students, and what each exercise is worth
notebook      reading a notebook without running it
collecting    what counts of a folder: lessons, duplicates, copies
settings      limits
box           starting a process in a box, from a process that has the libraries ready; ending it
nursery       that process
namespaces    entering new namespaces, as nobody where the grader is root
walls         a root with next to nothing in it; giving up privileges; the kernel's limits
watchdog      memory and processes of a box, from outside
frames        messages between processes
codec         answers as bytes
inside        the first code in a box
running       the cells, one after the other
recording     `check` in a submission: answers out, objects judged in a fork
serving       `check` in the solution: every check's moment is kept
forks         work in a fork, with a limit
integrity     undoing what was patched
digests       is the context what the course's cells make?
judging       one answer, afresh, with controls beside it
reference     the solution: what is right, what is left to chance, which controls its checks see through
execution     one submission from outside: listening, watching, ending
conversation  what is believed of what it says
rows          one row for each student
results       everything as plain data
table         grades.csv
report        the report and the feedback, as documents
document      documents as text and as pages
folder        writing, without losing anything
"""
