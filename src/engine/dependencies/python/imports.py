"""Names what programs import, by their syntax trees: nothing of them runs. NUL-separated paths on stdin; JSON on stdout."""
import ast, json, os, sys, warnings

warnings.simplefilter('ignore')
paths = [path for path in sys.stdin.buffer.read().decode('utf-8', 'surrogateescape').split('\0') if path]
own = set()
for path in paths:
    parts = path.split('/')
    own.add(parts[-1].rsplit('.', 1)[0])
    own.update(parts[:-1])
found, broken = {}, []


def note(module, path, line, guarded):
    top = module.split('.')[0]
    if top == 'google' and '.' in module:
        top = '.'.join(module.split('.')[:3])
    if top and top not in sys.stdlib_module_names and top.split('.')[0] not in own:
        entry = found.setdefault(top, {'path': path, 'line': line, 'guarded': True})
        entry['guarded'] = entry['guarded'] and guarded


def look(node, path, guarded):
    if isinstance(node, ast.Import):
        for alias in node.names:
            note(alias.name, path, node.lineno, guarded)
    elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        names = ['%s.%s' % (node.module, alias.name) for alias in node.names] if node.module.split('.')[0] == 'google' else [node.module]
        for name in names:
            note(name, path, node.lineno, guarded)
    elif isinstance(node, ast.Try) and any(catches_import(handler) for handler in node.handlers):
        for child in node.body:
            look(child, path, True)
        for child in [*node.handlers, *node.orelse, *node.finalbody]:
            look(child, path, guarded)
        return
    elif isinstance(node, ast.If) and 'TYPE_CHECKING' in ast.dump(node.test):
        for child in node.orelse:
            look(child, path, guarded)
        return
    for child in ast.iter_child_nodes(node):
        look(child, path, guarded)


def catches_import(handler):
    return handler.type is None or any(name in ast.dump(handler.type) for name in ('ImportError', 'ModuleNotFoundError', "'Exception'"))


for path in paths:
    try:
        with open('./' + path, 'rb') as file:
            if os.fstat(file.fileno()).st_size <= 1 << 20:
                look(ast.parse(file.read()), path, False)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OSError):
        broken.append(path)
json.dump({'imports': found, 'broken': broken}, sys.stdout)
