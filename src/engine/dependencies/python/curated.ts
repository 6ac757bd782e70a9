/**
 * Packages that a person has vouched for by putting them here. Nothing else is ever suggested or installed by an import's name: models
 * invent names, and attackers register them.
 */

/** Modules whose package has another name. */
const RENAMED: Record<string, string> = {
  _pytest: 'pytest', airflow: 'apache-airflow', allauth: 'django-allauth', antlr4: 'antlr4-python3-runtime', apscheduler: 'APScheduler',
  argon2: 'argon2-cffi', attr: 'attrs', authlib: 'Authlib', 'azure.core': 'azure-core', 'azure.cosmos': 'azure-cosmos',
  'azure.identity': 'azure-identity', 'azure.keyvault.secrets': 'azure-keyvault-secrets', 'azure.storage.blob': 'azure-storage-blob',
  babel: 'Babel', barcode: 'python-barcode', Bio: 'biopython', board: 'adafruit-blinka', box: 'python-box', brotli: 'Brotli',
  bs4: 'beautifulsoup4', bson: 'pymongo', cairo: 'pycairo', cairosvg: 'CairoSVG', can: 'python-can', cartopy: 'Cartopy',
  cassandra: 'cassandra-driver', cattr: 'cattrs', cerberus: 'Cerberus', corsheaders: 'django-cors-headers', cpuinfo: 'py-cpuinfo',
  crispy_forms: 'django-crispy-forms', Crypto: 'pycryptodome', Cryptodome: 'pycryptodomex', cv2: 'opencv-python-headless',
  daemon: 'python-daemon', dateutil: 'python-dateutil', dbt: 'dbt-core', debug_toolbar: 'django-debug-toolbar',
  decouple: 'python-decouple', delegator: 'delegator.py', discord: 'discord.py', django: 'Django', django_filters: 'django-filter',
  dns: 'dnspython', docx: 'python-docx', dotenv: 'python-dotenv', engineio: 'python-engineio', environ: 'django-environ',
  factory: 'factory_boy', faiss: 'faiss-cpu', faker: 'Faker', fitz: 'PyMuPDF', flask: 'Flask', flask_caching: 'Flask-Caching',
  flask_cors: 'Flask-Cors', flask_jwt_extended: 'Flask-JWT-Extended', flask_limiter: 'Flask-Limiter', flask_login: 'Flask-Login',
  flask_mail: 'Flask-Mail', flask_migrate: 'Flask-Migrate', flask_restful: 'Flask-RESTful', flask_socketio: 'Flask-SocketIO',
  flask_sqlalchemy: 'Flask-SQLAlchemy', flask_wtf: 'Flask-WTF', fpdf: 'fpdf2', gi: 'PyGObject', git: 'GitPython', github: 'PyGithub',
  gitlab: 'python-gitlab', 'google.auth': 'google-auth', 'google.cloud.bigquery': 'google-cloud-bigquery',
  'google.cloud.firestore': 'google-cloud-firestore', 'google.cloud.logging': 'google-cloud-logging',
  'google.cloud.pubsub': 'google-cloud-pubsub', 'google.cloud.secretmanager': 'google-cloud-secret-manager',
  'google.cloud.storage': 'google-cloud-storage', 'google.cloud.vision': 'google-cloud-vision', 'google.genai': 'google-genai',
  'google.generativeai': 'google-generativeai', 'google.oauth2': 'google-auth', 'google.protobuf': 'protobuf',
  googleapiclient: 'google-api-python-client', graphql: 'graphql-core', gridfs: 'pymongo', grpc: 'grpcio', grpc_status: 'grpcio-status',
  grpc_tools: 'grpcio-tools', gtts: 'gTTS', guppy: 'guppy3', hydra: 'hydra-core', imblearn: 'imbalanced-learn',
  import_export: 'django-import-export', IPython: 'ipython', jenkins: 'python-jenkins', jinja2: 'Jinja2', jose: 'python-jose',
  jwt: 'PyJWT', kafka: 'kafka-python', kivy: 'Kivy', ldap: 'python-ldap', Levenshtein: 'python-Levenshtein', magic: 'python-magic',
  markdown: 'Markdown', markupsafe: 'MarkupSafe', memcache: 'python-memcached', mpl_toolkits: 'matplotlib', multipart: 'python-multipart',
  mysql: 'mysql-connector-python', MySQLdb: 'mysqlclient', nacl: 'PyNaCl', nats: 'nats-py', newspaper: 'newspaper3k', nmap: 'python-nmap',
  openbabel: 'openbabel-wheel', OpenSSL: 'pyOpenSSL', opentelemetry: 'opentelemetry-api', 'opentelemetry.sdk': 'opentelemetry-sdk',
  paho: 'paho-mqtt', pdfminer: 'pdfminer.six', PIL: 'Pillow', pkg_resources: 'setuptools', pptx: 'python-pptx',
  psycopg2: 'psycopg2-binary', pulp: 'PuLP', pyaudio: 'PyAudio', pyautogui: 'PyAutoGUI', pygments: 'Pygments', pylab: 'matplotlib',
  pymupdf: 'PyMuPDF', pymysql: 'PyMySQL', pynvml: 'nvidia-ml-py', pyomo: 'Pyomo', pyrogram: 'Pyrogram', pythoncom: 'pywin32',
  pythonjsonlogger: 'python-json-logger', pywt: 'PyWavelets', quart: 'Quart', readability: 'readability-lxml',
  rest_framework: 'djangorestframework', rest_framework_simplejwt: 'djangorestframework-simplejwt', RPi: 'RPi.GPIO', ruamel: 'ruamel.yaml',
  scrapy: 'Scrapy', serial: 'pyserial', skimage: 'scikit-image', sklearn: 'scikit-learn', slugify: 'python-slugify',
  snappy: 'python-snappy', snowflake: 'snowflake-connector-python', 'snowflake.connector': 'snowflake-connector-python',
  socketio: 'python-socketio', speech_recognition: 'SpeechRecognition', speedtest: 'speedtest-cli', sphinx: 'Sphinx',
  sqlalchemy: 'SQLAlchemy', storages: 'django-storages', strawberry: 'strawberry-graphql', telegram: 'python-telegram-bot',
  telethon: 'Telethon', tortoise: 'tortoise-orm', twisted: 'Twisted', umap: 'umap-learn', unidecode: 'Unidecode', usb: 'pyusb',
  vcr: 'vcrpy', weaviate: 'weaviate-client', websocket: 'websocket-client', werkzeug: 'Werkzeug', whisper: 'openai-whisper',
  whois: 'python-whois', win32api: 'pywin32', win32con: 'pywin32', wx: 'wxPython', xlsxwriter: 'XlsxWriter', yaml: 'PyYAML', zmq: 'pyzmq',
};

/** Packages of the module's own name. */
const SAME = new Set(`
  addict aioboto3 aiobotocore aiocache aiofiles aiogram aiohttp aiokafka aiomysql aioredis aiosignal aiosmtplib aiosqlite albumentations
  alembic altair amqp ansible anthropic anyio appdirs arcade arq arrow art arviz ase astroid astropy async_lru async_timeout asyncpg
  asyncua attrs backoff bandit bcrypt behave billiard bitarray bitstring black blake3 bleak blinker bokeh boto boto3 botocore bottle
  cachetools cattrs ccxt celery certifi cffi channels chardet charset_normalizer chess chromadb cirq click clickhouse_connect
  clickhouse_driver cloudpickle cloudscraper colorama coloredlogs configobj confluent_kafka coverage croniter cryptography cssselect
  customtkinter cvxpy cx_Oracle cycler Cython cytoolz dacite dagster dash dask databases datadog dataset dateparser deap decorator
  deep_translator deepdiff defusedxml diagrams dictdiffer dill diskcache distro docker docopt docutils docxtpl dramatiq drawsvg duckdb
  dynaconf einops elasticsearch email_validator emcee emoji environs ephem evaluate evdev eventlet exceptiongroup ezdxf fabric factory_boy
  fake_useragent falcon fastapi fastparquet feedparser filelock findspark fiona fire flake8 flax flower folium freezegun frozenlist fsspec
  furl future fuzzywuzzy gcsfs gensim geoip2 geopandas geopy gevent glom google_auth_oauthlib googlemaps GPUtil gql gradio graphene
  graphviz great_expectations greenlet gspread gunicorn gurobipy gym gymnasium h11 h2 h5py holidays holoviews html5lib httpcore httpx huey
  huggingface_hub humanize hvac hypercorn hyperopt hypothesis icalendar ics idna igraph imageio imageio_ffmpeg inflect influxdb_client
  iniconfig instaloader invoke ipykernel ipywidgets isodate isort itsdangerous jedi jieba jira jmespath joblib jsonpatch jsonpath_ng
  jsonschema jupyter_client keyboard keyring kiwisolver kombu kornia kubernetes langchain langchain_community langchain_core
  langchain_openai langdetect langgraph lark ldap3 libcst librosa lightgbm lightning line_profiler litellm litestar llama_index llvmlite
  locust loguru lorem luigi lxml lz4 mako markdown2 markdownify marshmallow matplotlib maxminddb mcp MDAnalysis mechanize mediapipe
  memory_profiler mido mimesis mistune mlflow mmh3 mne mock mongoengine more_itertools moto motor mouse moviepy mpmath msal msgpack
  multidict munch music21 mutagen mypy mypy_extensions names napalm narwhals nbconvert nbformat neo4j netCDF4 netmiko networkx newrelic
  nibabel nltk noise nose2 notebook nox numba numexpr numpy oauthlib objgraph omegaconf onnx onnxruntime open3d openai openpyxl optax
  optuna oracledb orjson ormar ortools osmnx packaging pandas pandas_datareader pandera panel parameterized paramiko parsel parso passlib
  pathspec patsy pdfplumber peewee peft pendulum pennylane pexpect phonenumbers pika pinecone ping3 pip platformdirs playwright plotly
  pluggy plumbum ply plyer polars pony portalocker praw prefect pretty_midi prettytable prometheus_client prompt_toolkit prophet psutil
  psycopg ptyprocess py7zr pyarrow pyasn1 pybind11 pycountry pycparser pydantic pydantic_core pydantic_settings pydicom pydot pydub
  pyfiglet pyflakes pygame pyglet pygraphviz pyinstrument pykeepass pylint pymc pymodbus pymongo pynput pyodbc pyotp pyparsing pypdf PyPDF2
  pyperclip pyppeteer pyproj PyQt5 PyQt6 pyramid PySide2 PySide6 pysnmp pytesseract pytest pytest_asyncio pytest_cov pytest_mock
  pytorch_lightning pyttsx3 pytube pytz pyudev pyvista pyzbar qdrant_client qiskit qrcode questionary rapidfuzz rarfile rasterio ray rdkit
  redis regex reportlab requests requests_cache requests_oauthlib requests_toolbelt responses respx retry retrying rich rq rsa ruamel.yaml
  ruff s3fs safetensors sanic scapy schedule scipy scp seaborn segmentation_models_pytorch selenium semver sendgrid sentencepiece
  sentry_sdk setproctitle setuptools sh shap shapely SimpleITK simplejson simpy six skyfield slack_bolt slack_sdk smbus snakeviz sniffio
  sortedcontainers sounddevice soundfile soupsieve spotipy sqlglot sqlmodel sqlparse stable_baselines3 starlette statsd statsmodels
  streamlit stripe structlog supervision svgwrite sympy ta tables tabulate tenacity tensorboard termcolor testcontainers textblob
  textdistance textual thefuzz threadpoolctl tiktoken time_machine timm tinydb tldextract tokenizers toml tomli tomli_w tomlkit toolz
  tornado tox tqdm trafilatura trimesh trio TTS tweepy twilio typer typing_extensions tzdata tzlocal ujson urllib3 user_agents uvicorn
  uvloop validators vcrpy vine viztracer vk_api vobject voluptuous vosk vtk w3lib wandb watchdog watchfiles wcwidth weasyprint web3
  webauthn websockets wheel wikipedia wordcloud wrapt wtforms xarray xgboost xlrd xlwt xmltodict xxhash yarl yfinance yt_dlp zarr ZODB
  zope.interface zstandard zxcvbn
`.trim().split(/\s+/));

/** Several gigabytes with all that they bring: nobody should get them by a mere import. */
const LARGE = new Set(`
  accelerate catboost datasets diffusers easyocr jax jaxlib keras pyspark sentence_transformers spacy tensorflow torch torchaudio
  torchvision transformers ultralytics vllm
`.trim().split(/\s+/));

/** The package that brings a module: `large` ones are named and not installed by themselves; undefined for names that nobody here vouches for. */
export function packageOf(module: string): { name: string; large: boolean } | undefined {
  for (let name = module; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
    const renamed = RENAMED[name];
    if (Object.hasOwn(RENAMED, name) && renamed !== undefined) return { name: renamed, large: false };
    if (SAME.has(name)) return { name: name.replaceAll('_', '-'), large: false };
    if (LARGE.has(name)) return { name: name.replaceAll('_', '-'), large: true };
  }
  return undefined;
}
