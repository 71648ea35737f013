"""Cells that use what a kernel can do: run by a forked process and a kernel, outputs compared."""

# A kernel takes what programs write to its descriptors in a thread, and sends what is printed in
# another one, also every 0.2 seconds: what a busy machine shows, and in which order, would be
# chance. So it sends when it is told to, and cells wait until it has taken all.
_SETTLE = """\
import fcntl, struct, sys, termios, time

for stream in (sys.stdout, sys.stderr):
    stream.flush_interval = 600

def settle():
    for descriptor in (1, 2):
        end = time.monotonic() + 60
        while unread(descriptor) and time.monotonic() < end:
            time.sleep(0.01)
    for _ in range(5):  # each waits until the kernel's thread has had its turn
        time.sleep(0.1)
        sys.stdout.flush()
        sys.stderr.flush()

def unread(descriptor):
    try:
        return struct.unpack("i", fcntl.ioctl(descriptor, termios.FIONREAD, b"    "))[0]
    except OSError:
        return 0
"""

# One feature, one name; a feature of several cells has them in a list.
FEATURES: dict[str, str | list[str]] = {
    "settled": _SETTLE,
    "result": "1 + 1",
    "no result": "x = 1;",
    "semicolon": "2 + 2;",
    "print": "print('a', 'b', sep='-')\nprint('å ä ö 😀')",
    "stdout and stderr": (
        "import sys\nprint('e', file=sys.stderr)\nprint('o')\nprint('e2', file=sys.stderr)"
    ),
    "flush": "import sys\nprint('e', file=sys.stderr, flush=True)\nprint('o', flush=True)",
    "writelines": "import sys\nsys.stdout.writelines(['a\\n', 'b\\n'])\nsys.stdout.write('c')",
    "stream types": (
        "import sys\n"
        "print(sys.stdout.encoding, sys.stdout.isatty(), sys.stdout.writable(),"
        " hasattr(sys.stdout, 'buffer'), sys.stdout.fileno() > 2, sys.stdin is None,"
        " sys.stdout.closed)"
    ),
    "wrong write": (
        "import sys\ntry:\n    sys.stdout.write(1)\nexcept TypeError as e:\n    print(e)"
    ),
    "display": "display('a', {'b': 1})",
    "rich": (
        "from IPython.display import *\n"
        "display(Markdown('**m**'), HTML('<b>h</b>'), Latex('$x$'), JSON({'a': [1, None]}),"
        " SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'), Math('y'), Javascript('1'),"
        " Pretty('p'))"
    ),
    "image": (
        "import base64\n"
        "png = base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR4nGNgYAAA"
        "AAMAASsJTYQAAAAASUVORK5CYII=')\nfrom IPython.display import Image\nImage(png)"
    ),
    "raw bundle": "display({'text/plain': 'p', 'application/vnd.x+json': {'a': 1}}, raw=True)",
    "not a number in JSON": (
        "import warnings\nwith warnings.catch_warnings(action='ignore'):\n"
        "    display({'application/json': {'a': float('nan')}}, raw=True)"
    ),
    "metadata": "display({'text/plain': 'p'}, metadata={'text/plain': {'w': 1}}, raw=True)",
    "repr methods": (
        "class R:\n"
        "    def _repr_html_(self): return '<i>r</i>'\n"
        "    def _repr_mimebundle_(self, include=None, exclude=None): return {'x/y': "
        "'z'}, {'x/y': {}}\n"
        "R()"
    ),
    "repr raises": "class B:\n    def __repr__(self): raise ValueError('in repr')\nB()",
    "html repr raises": (
        "class H:\n"
        "    def _repr_html_(self): raise ValueError('in html')\n"
        "    def __repr__(self): return 'H'\n"
        "H()"
    ),
    "display id": [
        "handle = display('first', display_id=True)\nprint('between')\nhandle.update('second')",
        "handle.update('third')\nprint('other cell')",
        "from IPython.display import update_display\n"
        "display('x', display_id='same')\ndisplay('y', display_id='same')",
        "update_display('z', display_id='same')",
    ],
    "clear output": (
        "from IPython.display import clear_output\nprint(1)\nclear_output()\nprint(2)"
    ),
    "clear output wait": (
        "from IPython.display import clear_output\n"
        "for i in range(3):\n    clear_output(wait=True)\n    print(i)\n    display(i)"
    ),
    "clear output wait, nothing after": (
        "from IPython.display import clear_output\nprint(1)\nclear_output(wait=True)"
    ),
    "order of prints and displays": "print(1)\ndisplay(2)\nprint(3)\ndisplay(4)\n5",
    "error": "print('before')\n1 / 0",
    "error with cause": (
        "def f():\n    raise KeyError('k')\n"
        "try:\n    f()\nexcept KeyError as e:\n    raise ValueError('v') from e"
    ),
    "error while handling": "try:\n    1 / 0\nexcept ZeroDivisionError:\n    {}['k']",
    "error group": (
        "raise ExceptionGroup('g', [ValueError(1), ExceptionGroup('h', [TypeError(2)])])"
    ),
    "error with a note": "e = ValueError('v')\ne.add_note('a note')\nraise e",
    "error in a function of an earlier cell": ["def late():\n    return missing\n", "late()"],
    "error in a library": "import json\njson.loads('{')",
    "error of a own class": "class Own(Exception):\n    pass\nraise Own('o', 1)",
    "syntax error": "def (",
    "indentation error": "if True:\nx",
    "name error with a hint": "number = 1\nnumbr",
    "recursion": (
        "def r(n):\n    return r(n + 1)\ntry:\n    r(0)\nexcept RecursionError as e:\n    print(e)"
    ),
    "assertion": "assert 1 == 2, 'not equal'",
    "keyboard interrupt": "raise KeyboardInterrupt",
    "keyboard interrupt by a signal": (
        "import signal\nsignal.raise_signal(signal.SIGINT)\nfor i in range(10**7): pass"
    ),
    "sys.exit": "import sys\nsys.exit(3)",
    "SystemExit": "raise SystemExit('bye')",
    "generator exit": "raise GeneratorExit",
    "stop iteration": "next(iter([]))",
    "showtraceback": (
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n    get_ipython().showtraceback()"
    ),
    "xmode": ["%xmode Minimal", "1 / 0", "%xmode Context"],
    "traceback module": (
        "import traceback\n"
        "try:\n"
        "    1 / 0\n"
        "except ZeroDivisionError:\n"
        "    print(traceback.format_exc())"
    ),
    "warning": "import warnings\nwarnings.warn('old')",
    "deprecation": "import warnings\nwarnings.warn('old', DeprecationWarning)",
    "warning in a function": (
        "import warnings\ndef w():\n    warnings.warn('w', UserWarning, stacklevel=2)\nw()\nw()"
    ),
    "syntax warning": "y = 1\ny is 'a'",
    "pandas warning": "import pandas as pd\npd.to_datetime(['1/13/2020', 'x'], errors='coerce')",
    "time magic": "%timeit -n1 -r1 -q 1",
    "cell time": "%%time\nprint('timed')\n3",
    "line time": "%time 1 + 1",
    "capture": ["%%capture taken\nprint('hidden')\n4", "print(taken.stdout)\ntaken.outputs"],
    "bash": "%%bash\necho out\necho err >&2",
    "sh fails": "%%sh\nexit 3",
    "shell": "!echo hi; echo there >&2",
    "shell into a variable": "files = !printf 'a\\nb'\nfiles",
    "shell exit code": ["!exit 4", "_exit_code"],
    "env magic": "%env LPE_X=1",
    "who": ["only_me = 1", "%who int"],
    "magics": "%pwd",
    "writefile": [
        "%%writefile tmp_features.txt\ncontent",
        "%pycat tmp_features.txt",
        "!cat tmp_features.txt",
    ],
    "run": ["%%writefile tmp_run.py\nprint(__name__)\nran = 5", "%run tmp_run.py\nran"],
    "html magic": "%%html\n<p>x</p>",
    "latex magic": "%%latex\n$x$",
    "javascript magic": "%%javascript\n1",
    "unknown magic": "%no_such_magic",
    "unknown cell magic": "%%no_such_magic\n1",
    "magic misused": "%cd /no/such/folder",
    "help": "len?",
    "store": "%store",
    "lsmagic": "len(get_ipython().magics_manager.magics['line']) > 50",
    "precision": ["%precision 2", "3.14159", "%precision"],
    "await": "import asyncio\nawait asyncio.sleep(0.01)\n'awaited'",
    "async for": "async def g():\n    yield 1\n[i async for i in g()]",
    "gather": "await asyncio.gather(*(asyncio.sleep(0, i) for i in range(3)))",
    "await raises": "async def bad():\n    raise ValueError('async')\nawait bad()",
    "asyncio.run": (
        "coroutine = asyncio.sleep(0)\ntry:\n    asyncio.run(coroutine)\n"
        "finally:\n    coroutine.close()"
    ),
    "running loop": "asyncio.get_running_loop().is_running()",
    "task of an earlier cell": [
        (
            "async def later():\n"
            "    await asyncio.sleep(0)\n"
            "    return 6\n"
            "task = asyncio.ensure_future(later())"
        ),
        "await task",
    ],
    "never awaited": "asyncio.sleep(0)\nimport gc; gc.collect();",
    "cancelled": "await asyncio.wait_for(asyncio.sleep(9), 0.01)",
    "input": "input('name? ')",
    "getpass": "import getpass\ngetpass.getpass()",
    "stdin": "import sys\nsys.stdin.read() if sys.stdin else 'none'",
    "os.system": "import os, time\nos.system('echo from the descriptor')\nsettle()",
    "descriptors": [
        "import os\nos.write(1, b'one\\n')\nsettle()",
        "os.write(2, b'two\\n')\nsettle()",
    ],
    "much by the descriptor": "import os\nos.system('seq 1 30000')\nsettle()",
    "broken text by the descriptor": "import os\nos.write(1, b'\\xff\\n')\nsettle()",
    "subprocess": "import subprocess\nsubprocess.run(['echo', 'sub'])\nsettle()",
    "subprocess captured": "subprocess.run(['echo', 'sub'], capture_output=True, text=True).stdout",
    "thread": (
        "import threading\n"
        "t = threading.Thread(target=lambda: print('thread'))\n"
        "t.start()\n"
        "t.join()"
    ),
    "thread raises": ("t = threading.Thread(target=lambda: 1 / 0, name='T')\nt.start()\nt.join()"),
    "thread displays": (
        "t = threading.Thread(target=lambda: display('in thread'))\nt.start()\nt.join()"
    ),
    "thread pool": (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(2) as pool:\n    print(list(pool.map(abs, [-1, 2])))"
    ),
    "logging": "import logging\nlogging.warning('logged')\nlogging.getLogger('a.b').error('e')",
    "logging configured": (
        "logging.basicConfig(level=logging.INFO, force=True)\nlogging.info('configured')"
    ),
    "multiprocessing": (
        "import multiprocessing, math\n"
        "with multiprocessing.Pool(2) as pool:\n    print(pool.map(math.sqrt, [1, 4]))"
    ),
    "multiprocessing with a function of the notebook": (
        "def double(n):\n    return 2 * n\n"
        "with multiprocessing.get_context('fork').Pool(2) as pool:\n"
        "    print(pool.map(double, [1, 4]))"
    ),
    "a process prints": (
        "p = multiprocessing.get_context('fork').Process(target=print, args=('from a process',))\n"
        "p.start()\np.join()\nsettle()"
    ),
    "a process displays": (
        "p = multiprocessing.get_context('fork').Process(target=display, args=('a display',))\n"
        "p.start()\np.join()\nsettle()"
    ),
    "os.fork": ("import os\npid = os.fork()\nif pid == 0:\n    os._exit(0)\nos.waitpid(pid, 0)[1]"),
    "pickle of a class of the notebook": (
        "import pickle\nclass P:\n    n = 1\n    def __eq__(self, o): return self.n == o.n\n"
        "pickle.loads(pickle.dumps(P())) == P(), P.__module__"
    ),
    "main": "import __main__, sys\n__main__ is sys.modules['__main__'], __main__.x, __name__",
    "dataclass": "from dataclasses import dataclass\n@dataclass\nclass D:\n    a: int\nD(1)",
    "underscore": ["41 + 1", "_ + 1", "_, __, ___"],
    "Out and In": ["'kept'", "Out[max(Out)], In[-2]", "len(In) > 5, type(_oh).__name__"],
    "i variables": ["7", "_i"],
    "history magic": ["unique_text = 1", "%history -l 2"],
    "get_ipython": (
        "s = get_ipython()\n"
        "type(s).__name__, 'IPKernelApp' in s.config, hasattr(s, 'kernel'), "
        "type(s.kernel).__mro__[1].__name__ != ''"
    ),
    "execution count": "get_ipython().execution_count > 0",
    "run_cell": "get_ipython().run_cell('print(8)\\n9');",
    "events": (
        "def done(result):\n"
        "    print('ran')\n"
        "    get_ipython().events.unregister('post_run_cell', done)\n"
        "get_ipython().events.register('post_run_cell', done)"
    ),
    "inspect": "import inspect\ndef source():\n    return 1\nprint(inspect.getsource(source))",
    "linecache in a log": "logging.warning('w', stack_info=False)",
    "file name": "import re\nre.sub(r'\\d+', 'N', (lambda: 0).__code__.co_filename)",
    "pandas table": (
        "import pandas as pd\n"
        "pd.DataFrame({'a': [1, 2], 'b': ['x', None], 'c': pd.to_datetime(['2020-01-01', None])})"
    ),
    "wide pandas table": "pd.DataFrame([range(40)])",
    "long pandas table": "pd.DataFrame({'n': range(100)})",
    "wide pandas table in print": "print(pd.DataFrame([range(40)]))",
    "series": "pd.Series([1.5, 2], name='s')",
    "pandas options": (
        "[(o, pd.get_option(o)) for o in ('display.max_columns', 'display.width', "
        "'display.notebook_repr_html', 'display.max_rows', 'display.expand_frame_repr')]"
    ),
    "styler": "pd.DataFrame({'a': [1]}).style.set_uuid('u').format('{:.1f}')",
    "pandas error": "pd.DataFrame({'a': [1]})['b']",
    "numpy": "import numpy as np\nnp.arange(6).reshape(2, 3)",
    "numpy options": "np.get_printoptions()['threshold'], np.get_printoptions()['linewidth']",
    "numpy error state": "np.array([1.0]) / 0",
    "altair": (
        "import altair as alt\n"
        "alt.Chart(pd.DataFrame({'a': [1, 2], 'b': [3, 4]})).mark_bar().encode(x='a:Q', y='b:Q')"
    ),
    "altair renderer": "alt.renderers.active, alt.data_transformers.active",
    "altair layered": (
        "base = alt.Chart(pd.DataFrame({'a': [1]})).encode(x='a')\n"
        "(base.mark_line() + base.mark_point()).properties(title='t')"
    ),
    "matplotlib": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('å')",
    "matplotlib magic": "%matplotlib inline",
    "matplotlib figure": (
        "fig, ax = plt.subplots(figsize=(2, 1))\nax.bar(['a', 'b'], [1, 2])\nplt.close()\nfig"
    ),
    "matplotlib show": "plt.plot([2, 1])\nplt.show()\nplt.get_backend()",
    "matplotlib backend": "import os\nos.environ['MPLBACKEND']",
    "environment": (
        "{k: os.environ.get(k) for k in ('TERM', 'PAGER', 'GIT_PAGER', 'FORCE_COLOR', 'CLICOLOR', "
        "'PYTHONHASHSEED', 'JE_ARROW_MALLOC_CONF', 'TZ')}"
    ),
    "hash seed": "hash('a')",
    "set order": "{str(n) for n in range(20)}",
    "time zone": "time.strftime('%Z', time.localtime(0)), time.tzname",
    "folder": "os.getcwd() == os.path.realpath(os.curdir), os.path.exists('feature_cells.py')",
    "path": "'' in sys.path, any('forking' in p for p in sys.path)",
    "import from the folder": [
        "%%writefile tmp_module.py\nanswer = 42",
        "import importlib; importlib.invalidate_caches()\nimport tmp_module\ntmp_module.answer",
    ],
    "flags": "sys.flags",
    "locale": (
        "import locale\nlocale.getlocale(), sys.getdefaultencoding(), sys.getfilesystemencoding()"
    ),
    "duckdb": "import duckdb\nduckdb.sql('select 40 + 2 as n').fetchall()",
    "duckdb and pandas": "duckdb.sql('select 1 as a').df()",
    "parquet": (
        "pd.DataFrame({'a': [1]}).to_parquet('tmp_features.parquet')\n"
        "pd.read_parquet('tmp_features.parquet')"
    ),
    "arrow threads": (
        "import pyarrow as pa, pyarrow.compute as pc\npc.sum(pa.array(range(1000))).as_py()"
    ),
    "linear algebra": "float(np.linalg.det(np.eye(50)))",
    "tqdm": "from tqdm.auto import tqdm\ntype(tqdm).__name__",
    "comm": "from comm import create_comm\ntype(create_comm(target_name='t')).__name__",
    "garbage": "import gc\ngc.isenabled()",
    "signals": "import signal\nsignal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)",
    "recursion limit": "sys.getrecursionlimit()",
    "session": "os.getpid() == os.getsid(0)",
    "faulthandler": "import faulthandler\nfaulthandler.is_enabled()",
    "resource": (
        "import resource\n"
        "resource.getrlimit(resource.RLIMIT_AS), "
        "resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 100"
    ),
    "stdout replaced": (
        "import io, contextlib\n"
        "with contextlib.redirect_stdout(io.StringIO()) as s:\n"
        "    print('in')\n"
        "s.getvalue()"
    ),
    "display hook": "sys.displayhook(10)",
    "carriage return": "print('a\\rb')",
    "a byte that is no text": [
        "print(b'a\\xe5b'.decode(errors='surrogateescape'))",
        "raise ValueError(b'a\\xe5b'.decode(errors='surrogateescape'))",
    ],
    "empty write": "print('', end='')",
    "last": "print('the end')",
}


def cells() -> list[tuple[str, str]]:
    """All cells in order, each with its feature's name."""
    return [
        (name, code)
        for name, given in FEATURES.items()
        for code in ([given] if isinstance(given, str) else given)
    ]
